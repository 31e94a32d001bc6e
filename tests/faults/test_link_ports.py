"""On the clone's partition the adapter of the link has another name than the one that production has."""

from __future__ import annotations

import pytest
from flashc.cli.stage import Stage
from flashtwin.world import Profile
from nights import Change
from works import program, programs, user, worked

WORK = user('run "CALL APPLIB/SHORT" within 1h')
SITE = programs(program("SHORT", "20m"))
SAME: Change = (
    "[durations]\n",
    "[readings]\nother_partition_other_ports = false\n\n[durations]\n",
)


def line_of(stage: Stage, partition: str) -> str:
    """The resource that the link's line names there."""
    image = stage.world.partition(partition).volumes[0].image
    assert image is not None
    return image.lines["ETHCLONE"].resource


def test_the_clone_finds_the_port_of_its_link() -> None:
    with worked(WORK, [SITE]) as night:
        assert (night.run.result, night.run.detail) == ("completed", "")
        assert [f"{one.id} {one.detail}" for one in night.run.broken] == []
        up = [one.text.rpartition(": ")[2] for one in night.run.steps if one.code == "C47"]
        port = line_of(night.stage, "SISTPROD_24")
        assert up == [f"192.168.99.16 early ETHCLONE = {port}", "192.168.99.16 final"]
        assert line_of(night.stage, "SISTPROD") != line_of(night.stage, "SISTPROD_24")


def test_where_names_are_the_same_nothing_is_changed() -> None:
    with worked(WORK, [SITE, SAME]) as night:
        assert (night.run.result, night.run.detail) == ("completed", "")
        assert line_of(night.stage, "SISTPROD") == line_of(night.stage, "SISTPROD_24")


def test_without_authority_to_the_line_the_clone_stays_silent_and_the_line_as_it_is() -> None:
    taken = "RVKOBJAUT OBJ(QSYS/ETHCLONE) OBJTYPE(*LIND) USER(FLASHC) AUT(*OBJMGT)"

    def take(stage: Stage) -> None:
        assert stage.command("QSECOFR", taken).ok

    with worked(WORK, [SITE], prepare=take) as night:
        assert night.run.result != "completed"
        assert "C47" not in [one.code for one in night.run.steps]
        assert line_of(night.stage, "SISTPROD") == line_of(night.stage, "SISTPROD_24")


@pytest.mark.parametrize(("isolated", "result"), [(True, "completed"), (False, "failed")])
def test_of_two_free_ports_one_is_taken_only_on_an_isolated_network(isolated: bool, result: str) -> None:
    """A second VLAN of which production knows nothing: an adapter of the clone's own, and no line for it."""
    spec = (
        WORK
        if isolated
        else (*WORK, ("network   isolated", 'network   not isolated because "its switch is its own"'))
    )
    with worked(spec, [SITE], prepare=a_second_adapter) as night:
        assert night.run.result == result


def a_second_adapter(stage: Stage) -> None:
    """Given behind the check, which would refuse it."""
    partition = stage.world.partition("SISTPROD_24")
    was = partition.power_on

    def power_on(profile: str, keylock: str = "norm", ipl_source: str = "") -> None:
        one = partition.profiles[profile]
        partition.profiles[profile] = Profile(one.name, (*one.vlans, 300))
        was(profile, keylock, ipl_source)

    partition.power_on = power_on  # type: ignore[method-assign]
