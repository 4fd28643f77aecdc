"""What an author does at the terminal: check, new, and a look at drafts."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest

from server import ROOT, START_S, STOP_S, Output, free_port

BLOGS = ROOT / "tests/content/blogs"


@pytest.fixture
def run(program):
    def run(*args, **more):
        return subprocess.run([program, *args], capture_output=True, text=True, timeout=30,
                              check=False, **more)

    return run


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# ---- check ----------------------------------------------------------------------------------------


def test_check_is_content_with_a_good_blog(run):
    result = run("check", str(BLOGS / "astro"))
    assert result.returncode == 0
    assert result.stdout == ("read as Astro, by astro.config.mjs\n"
                             "2 posts, 0 pages, 2 files; 0 drafts, 0 scheduled, 0 left out\n"
                             "no problems\n")


def test_check_groups_and_counts(run, tmp_path):
    for number in range(30):
        write(tmp_path / f"{number:02}.md",
              f"---\ntitle: {number}\ndate: 2025-01-02\n---\n\n[x](none-{number})\n")
    write(tmp_path / "bad.md", "---\ntitle: a\ndate: soon\n---\n")
    result = run("check", str(tmp_path))
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{tmp_path}/bad.md:3: error: 'date': 'soon' is no date")
    assert len([line for line in lines if "leads nowhere: there is no such address" in line]) == 20
    assert "(and 10 more like these; --all shows them)" in lines
    assert "errors        1  date that is none" in lines
    assert "warnings     30  dead links" in lines
    assert lines[-1] == "31 problems: 1 error, 30 warnings"
    assert run("check", "--all", str(tmp_path)).stdout.count("there is no such address\n") == 30


def test_check_writes_json(run, tmp_path):
    write(tmp_path / 'q"\x01.md', "---\ntitle: a\ndate: soon\n---\n")
    write(tmp_path / "good.md", "---\ntitle: b\ndate: 2025-01-02\n---\n")
    result = run("check", "--format", "json", str(tmp_path))
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert report["dialect"] == "plain"
    assert (report["posts"], report["left_out"], report["errors"], report["warnings"]) == (1, 1, 1, 0)
    assert report["problems"] == [{
        "file": str(tmp_path / 'q"\x01.md'), "line": 3, "severity": "error",
        "kind": "date that is none",
        "text": "'date': 'soon' is no date (write 2025-09-08 or 2025-09-08T10:00:00Z); "
                "post left out",
    }]
    assert json.loads(run("check", "--format", "json", str(BLOGS / "astro")).stdout)["problems"] == []


def test_check_refuses_other_formats(run):
    result = run("check", "--format", "xml")
    assert result.returncode == 2
    assert "text or json" in result.stderr


def test_check_names_every_oddity(run):
    """Of one blog with all that authors do: what is a problem, and nothing else."""
    result = run("check", str(BLOGS / "oddities"))
    expected = (ROOT / "tests/functional/oddities.txt").read_text(encoding="utf-8")
    assert result.stdout.replace(f"{BLOGS}/oddities/", "") == expected
    assert result.returncode == 1


def test_check_warns_of_what_gopher_cannot_ask_for(run, tmp_path):
    write(tmp_path / "long.md", f"---\ntitle: A\ndate: 2025-01-02\nslug: {'x' * 260}\n---\n")
    report = json.loads(run("check", "--format", "json", str(tmp_path)).stdout)
    assert [problem["kind"] for problem in report["problems"]] == ["address too long for Gopher"]


# ---- new ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blog, file, opens, says", [
    ("plain", r"first-light\.md", "---", r"date: 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    ("hugo", r"content/posts/first-light\.md", "---", r"date: 20\S+[Z+]\S*"),
    ("jekyll", r"_posts/20\d\d-\d\d-\d\d-first-light\.md", "---",
     r"date: 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d -0[45]00"),
    ("zola", r"content/blog/first-light/index\.md", "+++", r"date = 20\S+"),
    ("hexo", r"source/_posts/deep/first-light\.md", "---", r"date: 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("astropaper", r"src/data/blog/\S*first-light\.md", "---", r"pubDatetime: 20\S+\+07:00"),
    ("eleventy", r"src/blog/first-light/first-light\.md", "---", r"date: 20\S+Z"),
])
def test_new_writes_as_the_blog_does(run, tmp_path, blog, file, opens, says):
    shutil.copytree(BLOGS / blog, tmp_path / "blog")
    if blog == "plain":
        shutil.rmtree(tmp_path / "blog")
        (tmp_path / "blog").mkdir()
    result = run("new", 'First "light"', str(tmp_path / "blog"))
    assert result.returncode == 0, result.stderr
    path = pathlib.Path(result.stdout.rstrip("\n"))
    assert re.fullmatch(file, str(path.relative_to(tmp_path / "blog")))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(opens + "\n") and text.endswith(opens + "\n\n")
    assert '"First \\"light\\""' in text
    assert re.search(f"^{says}$", text, re.M)
    assert "draft" not in text
    before = json.loads(run("check", "--format", "json", str(BLOGS / blog)).stdout)
    after = json.loads(run("check", "--format", "json", str(tmp_path / "blog")).stdout)
    assert after["posts"] == (1 if blog == "plain" else before["posts"] + 1)

    again = run("new", 'First "light"', str(tmp_path / "blog"))
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("file, text, ending, says", [
    ("old.mdx", "---\ntitle: Old\npublishDate: 2025-01-02\n---\n", ".mdx", "publishDate: 20"),
    ("old.markdown", "---\ntitle: Old\ncreated: 2025-01-02\n---\n", ".markdown", "created: 20"),
    ("old.gmi", "---\ntitle: Old\ndate: 2025-01-02\npublished: true\n---\n", ".md", "date: 20"),
])
def test_new_follows_the_newest_post(run, tmp_path, file, text, ending, says):
    write(tmp_path / file, text)
    path = pathlib.Path(run("new", "New", str(tmp_path)).stdout.rstrip("\n"))
    assert path == tmp_path / f"new{ending}"
    assert says in path.read_text(encoding="utf-8")


def test_new_writes_toml_where_hugo_has_it(run, tmp_path):
    write(tmp_path / "hugo.toml", "title = 'A'\n")
    write(tmp_path / "content/old.md", "+++\ntitle = 'Old'\ndate = 2025-01-02\n+++\n")
    path = pathlib.Path(run("new", "--draft", "New", str(tmp_path)).stdout.rstrip("\n"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith('+++\ntitle = "New"\ndate = 20')
    assert "\ndraft = true\n+++\n" in text


@pytest.mark.parametrize("blog", ["plain", "hugo", "jekyll", "zola", "hexo"])
def test_new_makes_drafts(run, tmp_path, blog):
    shutil.copytree(BLOGS / blog, tmp_path / "blog")
    before = json.loads(run("check", "--format", "json", str(tmp_path / "blog")).stdout)
    assert run("new", "--draft", "An idea, not yet ripe", str(tmp_path / "blog")).returncode == 0
    after = json.loads(run("check", "--format", "json", str(tmp_path / "blog")).stdout)
    assert after["drafts"] == before["drafts"] + 1
    assert after["posts"] == before["posts"]


@pytest.mark.parametrize("title", ["", "../..", "???"])
def test_new_refuses_what_makes_no_name(run, tmp_path, title):
    result = run("new", title, str(tmp_path))
    assert result.returncode == 1
    assert "makes no name for a file" in result.stderr
    assert list(tmp_path.iterdir()) == []


# ---- drafts ---------------------------------------------------------------------------------------


def test_drafts_are_for_nobody_else(run, tmp_path):
    result = run("serve", str(BLOGS / "hugo"), "--drafts", "--listen", f":{free_port()}",
                 "--certs", str(tmp_path))
    assert result.returncode == 1
    assert "drafts are shown on loopback only" in result.stderr


def test_drafts_are_shown_to_their_author(program, run, tmp_path):
    port = free_port()
    with subprocess.Popen([program, "serve", str(BLOGS / "hugo"), "--drafts", "--single",
                           "--listen", f"127.0.0.1:{port}", "--certs", str(tmp_path)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        said = Output(server.stdout)
        assert said.wait_for(lambda line: line.startswith("certificates are kept"), START_S)
        index = run("fetch", f"gemini://localhost:{port}/").stdout
        server.terminate()
        server.wait(STOP_S)
    assert "=> /posts/draft.gmi 2024-01-01 [draft] Draft" in index
    assert "=> /posts/later.gmi 2099-01-01 [scheduled] Later" in index
    assert "=> /posts/gone.gmi 2024-01-01 [expired] Gone" in index
