from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from fakes import HashEncoder

from index import (
    ChunkSettings,
    Corpus,
    DamagedIndex,
    Document,
    EncoderMismatch,
    ForeignIndex,
    IndexingError,
    Span,
    dense,
)
from index.dense import Dense

QUESTIONS = ["总营收是多少？", "Maren Holt", "集装箱船交付给谁", "3053 apples"]


def same_hits(one: Corpus, other: Corpus) -> bool:
    return all(
        one.search(question, 5, mode) == other.search(question, 5, mode)
        for question in QUESTIONS
        for mode in ("fused", "lexical", "dense")
    )


@pytest.fixture
def corpus(documents, encoder) -> Corpus:
    return Corpus.build(documents, encoder)


@pytest.mark.parametrize("mode", ["fused", "lexical", "dense"])
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("青灯科技的总营收", "lantern"),
        ("双燃料集装箱船", "harbour"),
        ("tonnes of apples", "orchard"),
    ],
)
def test_finds_the_document_in_every_mode(corpus, mode, question, expected):
    assert corpus.search(question, 1, mode)[0].document_id == expected


def test_every_hit_is_a_slice_of_its_document(corpus):
    for question in QUESTIONS:
        for hit in corpus.search(question, 10):
            assert corpus.documents[hit.document_id].text[hit.start : hit.end] == hit.text
            assert corpus.text(hit.span) == hit.text


def test_scores_fall_and_fused_ones_lie_between_zero_and_one(corpus):
    for mode in ("fused", "lexical", "dense"):
        scores = [hit.score for hit in corpus.search("总营收42.7亿元", 10, mode)]
        assert scores == sorted(scores, reverse=True)
        assert mode != "fused" or all(0 < score <= 1 for score in scores)


def test_the_fused_score_is_the_blend_of_all_evidence(corpus):
    question = "总营收42.7亿元"
    lexical = {hit.span: hit.score for hit in corpus.search(question, 99, "lexical")}
    cosine = {hit.span: hit.score for hit in corpus.search(question, 99, "dense")}
    ceiling = corpus.lexical.ceiling(question)
    owners = [c.document_id for c in corpus.chunks]
    firsts = [owners.index(name) for name in corpus.documents]
    runs = np.column_stack([firsts, [*firsts[1:], len(owners)]])
    coverage = corpus.lexical.coverage(question, runs)
    for hit in corpus.search(question, 99):
        share = lexical.get(hit.span, 0.0) / ceiling
        whole = coverage[list(corpus.documents).index(hit.document_id)]
        expected = (share + 0.3 * max(cosine[hit.span], 0.0) + 0.2 * whole) / 1.5
        assert hit.score == pytest.approx(expected, abs=1e-6)


def test_the_document_that_names_the_company_comes_first(encoder):
    filler = "".join(f"第{i}项事务照常进行，没有变化。" for i in range(60))
    named = [
        Document(key, "", f"{name}的年报。\n{filler}\n净利润为{value}亿元。", key, "zh")
        for key, name, value in (("a", "青灯科技", 3), ("b", "港湾造船", 5))
    ]
    corpus = Corpus.build(named, encoder)
    for question, value in (("港湾造船的净利润", "5亿"), ("青灯科技的净利润", "3亿")):
        last = [hit.text for hit in corpus.search(question, 99) if "净利润" in hit.text]
        assert value in last[0]


def test_a_title_helps_to_find_a_chunk_whose_text_lacks_its_words(encoder):
    plain = Document("a", "", "它在春天发芽。", "a", "zh")
    titled = Document("b", "银杏", "它在秋天变黄。", "b", "zh")
    hits = Corpus.build([plain, titled], encoder).search("银杏", 2, "lexical")
    assert [hit.text for hit in hits] == ["它在秋天变黄。"]


def test_an_empty_question_finds_nothing(corpus):
    assert corpus.search("  ？") == []


def test_wrong_requests_are_errors(corpus):
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        corpus.search("苹果", 0)
    with pytest.raises(ValueError, match="mode must be fused, lexical or dense, got 'best'"):
        corpus.search("苹果", 1, "best")  # type: ignore[arg-type]


def test_no_text_is_an_error(encoder):
    for nothing in ([], [Document("a", "", " \n ", "a", "und")]):
        with pytest.raises(IndexingError, match="There is no text to index"):
            Corpus.build(nothing, encoder)


def test_a_shared_id_is_an_error_that_names_both_sources(documents, encoder):
    twin = replace(documents[1], id="lantern")
    with pytest.raises(IndexingError, match=r"'lantern': 'lantern.txt' and 'harbour.txt'"):
        Corpus.build([*documents, twin], encoder)


def test_progress_counts_documents(documents, encoder):
    seen: list[tuple[int, int]] = []
    Corpus.build(documents, encoder, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_batches_do_not_change_vectors(encoder):
    many = [
        Document(f"d{i}", f"第{i}号", f"编号{i}的货物重{i * 7}吨。", "x", "zh") for i in range(600)
    ]
    corpus = Corpus.build(many, encoder)
    texts = [f"{c.context}\n{c.text}" if c.context else c.text for c in corpus.chunks]
    assert np.array_equal(corpus.vectors, HashEncoder().encode(texts))


def test_sentences_are_spans_of_the_document(corpus):
    spans = corpus.sentences("lantern")
    assert corpus.text(spans[0]) == "青灯科技公布第三季度业绩。"
    assert corpus.sentences("lantern") is spans


def test_places_that_do_not_exist_are_errors(corpus):
    with pytest.raises(IndexingError, match="No document 'nobody'"):
        corpus.sentences("nobody")
    with pytest.raises(IndexingError, match="lies outside"):
        corpus.text(Span("lantern", 0, 9999))


def test_saving_and_loading_changes_nothing(corpus, tmp_path):
    corpus.save(tmp_path / "home")
    loaded = Corpus.load(tmp_path / "home", HashEncoder())
    assert loaded.documents == corpus.documents
    assert loaded.chunks == corpus.chunks
    assert loaded.chunk_settings == corpus.chunk_settings
    assert loaded.fingerprint == corpus.fingerprint
    assert same_hits(loaded, corpus)


def test_odd_texts_survive_a_save(encoder, tmp_path):
    odd = [
        Document(
            "a", "new\nline", "a lone surrogate \udcff, a tab\t.\r\nnext \x1c part", "a", "en"
        ),
        Document("b/ü 快", "", "\ufeff标题\u2028第二行 😀 完。", "b", "zh"),
    ]
    corpus = Corpus.build(odd, encoder)
    corpus.save(tmp_path)
    loaded = Corpus.load(tmp_path, encoder)
    assert loaded.documents == corpus.documents
    assert loaded.chunks == corpus.chunks


def test_another_encoder_is_refused_with_the_cure(corpus, tmp_path):
    corpus.save(tmp_path)
    with pytest.raises(EncoderMismatch, match=r"encoder hash .* run: yinju index"):
        Corpus.load(tmp_path, HashEncoder(fingerprint="another"))


def test_loading_encodes_nothing(corpus, tmp_path):
    corpus.save(tmp_path)
    encoder = HashEncoder()
    Corpus.load(tmp_path, encoder)
    assert encoder.encoded == []


def test_a_lost_part_is_damage(corpus, tmp_path):
    corpus.save(tmp_path)
    next(tmp_path.glob("content-*/vectors.npy")).unlink()
    with pytest.raises(DamagedIndex, match=r"lost its file vectors.npy; run: yinju index"):
        Corpus.load(tmp_path, HashEncoder())


def test_no_index_is_a_clear_error(tmp_path):
    with pytest.raises(ForeignIndex, match="There is no index in"):
        Corpus.load(tmp_path / "nowhere", HashEncoder())


def test_an_update_equals_building_afresh(documents, encoder):
    changed = replace(documents[0], text=documents[0].text.replace("42.7", "43.9"))
    new = Document("river", "河", "河水在九月涨了两米。", "river.txt", "zh")
    updated = Corpus.build(documents, encoder).with_documents([changed, new], ["harbour"])
    afresh = Corpus.build([documents[2], changed, new], encoder)
    assert updated.documents == afresh.documents
    assert updated.chunks == afresh.chunks
    assert updated.fingerprint == afresh.fingerprint
    assert same_hits(updated, afresh)


def test_an_update_encodes_only_what_changed(documents):
    encoder = HashEncoder()
    corpus = Corpus.build(documents, encoder)
    encoder.encoded.clear()
    new = Document("river", "", "河水在九月涨了两米。", "river.txt", "zh")
    corpus.with_documents([*documents, new])
    assert encoder.encoded == ["河水在九月涨了两米。"]


def test_an_update_leaves_the_old_corpus_alone(corpus):
    before = corpus.search("苹果 apples", 5)
    corpus.with_documents([], ["orchard"])
    assert corpus.search("苹果 apples", 5) == before


def test_a_removed_document_leaves_no_trace_on_disk(corpus, tmp_path):
    corpus.save(tmp_path)
    corpus.with_documents([], ["orchard"]).save(tmp_path)
    for path in tmp_path.rglob("*"):
        data = path.read_bytes().lower() if path.is_file() else b""
        assert b"orchard" not in data
        assert b"maren" not in data


def test_updates_that_make_no_sense_are_errors(corpus):
    with pytest.raises(IndexingError, match="No document 'nobody'"):
        corpus.with_documents([], ["nobody"])
    with pytest.raises(IndexingError, match="Nothing would be left"):
        corpus.with_documents([], list(corpus.documents))


def test_the_fingerprint_follows_the_content(documents, encoder):
    base = Corpus.build(documents, encoder)
    assert Corpus.build(documents[::-1], encoder).fingerprint == base.fingerprint
    others = [
        Corpus.build(documents[:2], encoder),
        Corpus.build([replace(documents[0], title="x"), *documents[1:]], encoder),
        Corpus.build(documents, HashEncoder(fingerprint="another")),
        Corpus.build(documents, encoder, chunk_settings=ChunkSettings(max_chars=40)),
    ]
    assert len({base.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_importing_the_package_loads_nothing_heavy():
    heavy = "faiss torch transformers sentence_transformers trafilatura opencc pypinyin gradio"
    code = f"import sys, index; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_large_index_keeps_its_codes_and_searches_the_same(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 50)
    texts = [f"Orchard {n} grew {n * 37} apples near lake {n % 13}." for n in range(200)]
    corpus = Corpus.build(
        [Document(f"d{n}", "", t, "", "en") for n, t in enumerate(texts)], encoder
    )
    corpus.save(tmp_path / "home")
    assert list((tmp_path / "home").glob("content-*/codes.npy"))
    monkeypatch.setattr(Dense, "build", None)  # nothing is learnt again
    loaded = Corpus.load(tmp_path / "home", HashEncoder())
    for question in ("lake 7 apples", "Orchard 12"):
        expected = corpus.search(question, 10, "dense")
        assert loaded.search(question, 10, "dense") == expected


def test_codes_that_are_not_the_vectors_are_damage(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 50)
    documents = [Document(f"d{n}", "", f"Text {n}.", "", "en") for n in range(80)]
    corpus = Corpus.build(documents, encoder)
    monkeypatch.setattr(Dense, "codes", np.zeros(9, np.uint8))
    corpus.save(tmp_path / "home")
    with pytest.raises(DamagedIndex):
        Corpus.load(tmp_path / "home", HashEncoder())
