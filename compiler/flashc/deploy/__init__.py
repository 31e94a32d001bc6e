"""Planning and carrying out a deployment: from a bundle to the objects on a production partition."""

from flashc.deploy.errors import DeployError
from flashc.deploy.execute import DeployResult, Failure, Step, deploy_bundle, execute
from flashc.deploy.operations import Finding, Operation, Plan

__all__ = [
    "DeployError",
    "DeployResult",
    "Failure",
    "Finding",
    "Operation",
    "Plan",
    "Step",
    "deploy_bundle",
    "execute",
]
