"""What the product has written down on a partition: read over SSH or from a kept rehearsal, and told."""

from flashc.records.model import Place, Product, product_of

__all__ = ["Place", "Product", "product_of"]
