"""Activation patterns: tree order inside, the contract's words outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow import Architecture, activation
from symflow.nets.pattern import SiteTable, pattern_key
from tests.strategies import KINDS, networks

relu, identity = activation("relu"), activation("identity")
pool = activation("maxpool", groups=[[0, 2], [1]])


def test_the_tree_order_is_by_layer_then_datum_then_unit() -> None:
    table = SiteTable(Architecture((1, 2, 1, 1), (relu, relu), has_biases=False), 2)
    order = [(site.layer, site.datum, site.output) for site in table.sites]
    assert order == sorted(order)
    assert order == [(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (2, 0, 0), (2, 1, 0)]


def test_a_word_runs_datum_by_datum_and_layer_by_layer() -> None:
    table = SiteTable(Architecture((1, 2, 1, 1), (relu, relu), has_biases=False), 2)
    assert table.word("ABCDEF") == "ABE|CDF"
    assert table.characters("ABE|CDF") == tuple("ABCDEF")


def test_a_group_has_one_character_and_an_identity_unit_none() -> None:
    table = SiteTable(Architecture((1, 3, 2, 1), (pool, identity), has_biases=False), 1)
    assert [(site.members, site.is_group) for site in table.sites] == [((0, 2), True), ((1,), True)]
    assert SiteTable(Architecture((1, 2, 1), (identity,), has_biases=False), 3).word("") == "||"


def test_below_a_layer_are_the_sites_of_the_same_datum_in_lower_layers() -> None:
    table = SiteTable(Architecture((1, 2, 1, 1), (relu, relu), has_biases=False), 2)
    assert table.below(2, 1) == (2, 3)
    assert table.below(1, 1) == ()
    assert table.below(3, 0) == (0, 1, 4)


@given(networks(kinds=(*KINDS, "relu_power")), st.integers(1, 3), st.data())
def test_words_and_characters_are_inverse(net, n_data: int, data: st.DataObject) -> None:
    table = SiteTable(net.architecture, n_data)
    size = len(table.sites)
    characters = tuple(data.draw(st.lists(st.sampled_from("+-0*1"), min_size=size, max_size=size)))
    assert table.characters(table.word(characters)) == characters
    for i, site in enumerate(table.sites):
        assert table.index[site.layer, site.output, site.datum] == i
        assert all(j < i for j in table.below(site.layer, site.datum))


def test_patterns_are_sorted_by_sign_then_position_then_undecided() -> None:
    order = ["--", "-0", "-+", "0-", "+-", "++", "1-", "2-", "9-", "a-", "z-", "*-"]
    assert sorted(dict.fromkeys(order[::-1]), key=pattern_key) == order


def test_a_character_that_no_pattern_has_is_no_pattern() -> None:
    with pytest.raises(KeyError):
        pattern_key("+?")
