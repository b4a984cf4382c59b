"""Texts for tests: a strategy that makes any content, and one content with everything in it."""

from hypothesis import strategies as st

letters = st.text(st.sampled_from("abz AZ09\n\t*_[](){}#>-|!.\\•^:é ️²–"), max_size=12) | st.text(max_size=8)
plain = st.text(st.sampled_from("ab *_[]|\\\n#-."), max_size=8)
flags = st.booleans()
links = st.sampled_from(
    ["", "", "https://uji.go.id/a_b*(c)?x=[1]&y=%20", "http://x.id", "mailto:a@b.go.id", "https://x.id/<>"]
)
parts = st.lists(
    st.fixed_dictionaries(
        {"text": letters, "bold": flags, "italic": flags, "link": links.filter(lambda one: "<" not in one)}
    )
    | st.fixed_dictionaries({"note": plain})
    | st.fixed_dictionaries({"data": st.sampled_from(["jumlah-inovasi", "a.b-c"]), "bold": flags, "italic": flags}),
    max_size=6,
)
nodes = (
    st.fixed_dictionaries({"is": st.sampled_from(["paragraph", "quote"]), "text": parts})
    | st.fixed_dictionaries({"is": st.just("heading"), "level": st.sampled_from([1, 2]), "text": parts})
    | st.fixed_dictionaries({"is": st.just("item"), "ordered": flags, "level": st.integers(0, 3), "text": parts})
    | st.fixed_dictionaries({"is": st.just("figure"), "chart": st.sampled_from(["anggaran-per-tahun", "a.b"])})
    | st.fixed_dictionaries(
        {
            "is": st.just("figure"),
            "picture": st.uuids().map(str),
            "caption": plain,
            "alt": plain,
            "source": plain,
        }
    )
    | st.fixed_dictionaries(
        {
            "is": st.just("table"),
            "caption": plain,
            "source": plain,
            "rows": st.lists(st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=3),
        }
    )
)
contents = st.lists(nodes, max_size=5)
