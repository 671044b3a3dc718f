"""The knowledge base from outside: articles with versions, what is suggested, flags, import, the help centre."""

import urllib.error
import urllib.parse
import urllib.request

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short


def an_article(manager, word, **more):
    body = {
        "language": "en",
        "title": f"How do I oil the {word}?",
        "body": f"Take **one drop** of oil for the {word}.\n\n<script>alert(1)</script>",
        "scenario": "services",
        "category": "upkeep",
        "status": "published",
    } | more
    return manager.post("/api/v1/articles", body, expect=201)


def suggested(api, text, **more):
    query = urllib.parse.urlencode({"q": text, "language": "en"} | more)
    return api.get(f"/api/v1/articles/suggestions?{query}")["items"]


def page(server, path, language="en"):
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", headers={"Accept-Language": language}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode(), answer


def test_a_first_start_has_articles_in_both_languages(manager):
    english = manager.get("/api/v1/articles?language=en&scenario=charity&limit=200")["items"]
    arabic = manager.get("/api/v1/articles?language=ar&scenario=charity&limit=200")["items"]
    assert len(english) >= 15
    assert {a["slug"] for a in english} >= {"scholarship-documents", "bank-statement-alternatives"}
    assert "scholarship-documents" in {a["slug"] for a in arabic}
    best = suggested(manager, "I have ID and transcripts but not bank statements", scenario="charity")[0]
    assert best["slug"] == "bank-statement-alternatives" and best["score"] >= 0.6
    assert "payslips" in best["passage"]


def test_edits_make_versions_and_old_ones_come_back(hire, manager):
    word = new_name("gadget").replace("-", "")
    made = an_article(manager, word)
    assert made["version"] == 1 and "<strong>one drop</strong>" in made["html"]
    assert "<script" not in made["html"]
    path = f"/api/v1/articles/{made['article_id']}"
    mine = lambda: [a for a in suggested(manager, f"oil for my {word}") if a["article_id"] == made["article_id"]]  # noqa: E731
    found = until(mine, "the new article")
    assert found[0]["score"] > 0.5
    second = manager.patch(path, {"title": f"How do I grease the {word}?", "version": 1})
    assert second["version"] == 2
    manager.patch(path, {"title": "too late", "version": 1}, expect=409)
    assert manager.patch(path, {"title": second["title"]})["version"] == 2  # nothing changed
    versions = manager.get(f"{path}/versions")["items"]
    assert [v["version"] for v in versions] == [2, 1]
    assert versions[1]["title"] == made["title"] and versions[0]["by"]
    back = manager.post(f"{path}/versions/1/restoration")
    assert back["version"] == 3 and back["title"] == made["title"]
    manager.post(f"{path}/versions/9/restoration", expect=404)
    manager.delete(path, expect=204)
    assert manager.get(path)["status"] == "archived"
    until(lambda: not mine(), "the archived article to go")
    hire("agent").patch(path, {"title": "x"}, expect=403)


def test_drafts_are_not_shown_and_translations_share_a_slug(server, manager):
    word = new_name("valve").replace("-", "")
    draft = an_article(manager, word, status="draft")
    assert not [a for a in suggested(manager, f"oil the {word}") if a["article_id"] == draft["article_id"]]
    with pytest.raises(urllib.error.HTTPError):
        page(server, f"/help/en/{draft['slug']}")
    manager.post("/api/v1/articles", {"language": "en", "title": "x", "body": "y", "slug": draft["slug"]}, expect=409)
    arabic = manager.post(
        "/api/v1/articles",
        {"language": "ar", "title": "كيف أزيّت الصمام؟", "body": "قطرة واحدة.", "slug": draft["slug"]},
        expect=201,
    )
    assert {t["language"] for t in arabic["translations"]} == {"en", "ar"}
    manager.post("/api/v1/articles", {"language": "en", "title": "x", "body": "y", "slug": "No Slug"}, expect=422)


def test_flags_are_listed_and_closed(hire, manager):
    agent = hire("agent")
    made = an_article(manager, new_name("pump"))
    flag = agent.post(
        f"/api/v1/articles/{made['article_id']}/flags", {"kind": "outdated", "comment": "prices"}, expect=201
    )
    missing = agent.post("/api/v1/article-flags", {"kind": "missing", "comment": "how to paint"}, expect=201)
    assert missing["article_id"] is None
    agent.post("/api/v1/article-flags", {"kind": "missing"}, expect=422)
    agent.post("/api/v1/article-flags", {"kind": "wrong", "comment": "x"}, expect=422)
    listed = manager.get(f"/api/v1/article-flags?state=open&article_id={made['article_id']}")["items"]
    assert [f["flag_id"] for f in listed] == [flag["flag_id"]]
    rows = manager.get("/api/v1/articles?flagged=true&limit=200")["items"]
    assert made["article_id"] in [a["article_id"] for a in rows]
    agent.post(f"/api/v1/article-flags/{flag['flag_id']}/resolution", {}, expect=403)
    closed = manager.post(f"/api/v1/article-flags/{flag['flag_id']}/resolution", {"comment": "done"})
    assert closed["resolved_at"] and closed["resolution"] == "done"
    manager.post(f"/api/v1/article-flags/{flag['flag_id']}/resolution", {}, expect=409)


def test_imports_store_what_is_right_and_name_what_is_not(manager):
    word = new_name("lamp")
    files = [
        {"name": f"services/{word}.en.md", "content": f"---\ntitle: The {word}\n---\nIt shines."},
        {"name": f"services/{word}.ar.md", "content": f"---\ntitle: مصباح {word}\n---\nإنه يضيء."},
        {"name": "broken.en.md", "content": "---\ntitle: x\nowner: y\n---\ntext"},
    ]
    first = manager.post("/api/v1/articles/import", {"files": files})
    assert (first["added"], first["changed"]) == (2, 0)
    assert first["failed"] == [{"name": "broken.en.md", "line": 1, "reason": 'line 3: "owner" is not a known key'}]
    again = manager.post("/api/v1/articles/import", {"files": files[:1]})
    assert again["unchanged"] == 1
    csv = f'slug,language,title,body\n{word},en,The {word},"It shines, brightly."\n,xx,A,B\n'
    third = manager.post("/api/v1/articles/import", {"csv": csv, "overwrite": True})
    assert third["changed"] == 1 and third["failed"][0]["line"] == 3
    manager.post("/api/v1/articles/import", {}, expect=422)


def test_arabic_titles_have_slugs(manager):
    word = new_name("word").lower()
    csv = f"language,title,body\nar,موعد {word},نص عن الموعد.\n"
    for expected in ((1, 0), (0, 1)):
        told = manager.post("/api/v1/articles/import", {"csv": csv})
        assert (told["added"], told["unchanged"]) == expected and told["failed"] == []
    listed = manager.get("/api/v1/articles", q=word)["items"]
    assert [a["slug"] for a in listed] == [f"mwad-{word}"]
    made = an_article(manager, "", language="ar", title="المنحة الدراسية")
    assert made["slug"].startswith("almnha-aldrasya")
    assert an_article(manager, "", language="ar", title="المنحة الدراسية")["slug"] != made["slug"]


def test_the_help_centre_is_read_without_a_script(server, manager):
    word = new_name("kettle").replace("-", "")
    made = an_article(manager, word)
    text, answer = page(server, "/help/", "ar,en;q=0.5")
    assert answer.url.endswith("/help/ar") and 'dir="rtl"' in text and "<script" not in text
    text, answer = page(server, f"/help/en/{made['slug']}")
    assert f"oil the {word}" in text and "<script" not in text and "&lt;script&gt;" in text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    until(lambda: made["slug"] in page(server, f"/help/en?q={word}%20oil")[0], "the search")
    assert made["slug"] in page(server, "/help/en?scenario=services")[0]
    assert made["slug"] not in page(server, "/help/en?scenario=charity")[0]
    form = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/help/en/{made['slug']}/feedback", data=b"helpful=yes", method="POST"
    )
    with urllib.request.urlopen(form, timeout=10) as thanks:
        assert "Thank you" in thanks.read().decode()
    manager.post(f"/api/v1/articles/{made['article_id']}/uses", expect=204)

    def numbers():
        days = manager.get(f"/api/v1/articles/{made['article_id']}/days")["items"]
        return days and days[0]["shown"] >= 2 and days[0]

    today = until(numbers, "the numbers")
    assert (today["helpful"], today["inserted"]) == (1, 1)


def test_customers_are_shown_articles_while_they_write(server):
    text, answer = page(server, "/api/v1/help/suggestions?language=en&scenario=saas&q=i%20forgot%20my%20passwrod")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert '"slug":"reset-password"' in text and '"url":"/help/en/reset-password"' in text
    assert "article_id" not in text


def test_articles_are_found_by_the_search(manager):
    word = new_name("samovar").replace("-", "")
    made = an_article(manager, word)
    hits = until(lambda: manager.get(f"/api/v1/search?types=articles&q={word}")["items"], "the index")
    assert (hits[0]["type"], hits[0]["id"]) == ("article", made["article_id"])
