"""The tree of checkpoints is that of certificate transparency: other people's roots come out of it."""

from __future__ import annotations

import hashlib

from dhr_app.database.merkle import Tree, leaf_hash, node_hash

# The leaves and roots that implementations of RFC 6962 and RFC 9162 are tested with.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_the_roots_are_those_of_the_standard() -> None:
    tree, found = Tree(), []
    for leaf in LEAVES:
        tree.add(leaf_hash(bytes.fromhex(leaf)))
        found.append(tree.root().hex())
    assert tuple(found) == ROOTS
    assert tree.size == len(LEAVES)


def test_a_tree_without_a_leaf_has_the_root_of_nothing() -> None:
    assert Tree().root() == hashlib.sha256(b"").digest()


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_order_and_number_of_leaves_change_the_root() -> None:
    def root(*leaves: bytes) -> bytes:
        tree = Tree()
        for leaf in leaves:
            tree.add(leaf_hash(leaf))
        return tree.root()

    roots = {root(b"a", b"b", b"c"), root(b"b", b"a", b"c"), root(b"a", b"b"), root(b"a", b"b", b"c", b"c")}
    assert len(roots) == 4
