"""What exists must be tried and written down: walks over the tree that fail by themselves when something new is not."""

import ast
import re
from pathlib import Path

import pytest
import typer

from bot import applying, effects, engine, reminding
from bot.__main__ import app
from bot.cards import gallery
from bot.settings import Settings
from regulation.problems import CATALOGUE

ROOT = Path(__file__).parent.parent
ROOMS = (
    *("regulation", "bot", "storage", "scheduler", "platforms", "reports", "web", "intake", "rehearsal"),
    "sandbox",
)
MODULES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
TESTS = sorted(p for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__))
CHATS = sorted((ROOT / "tests" / "conversations").glob("*.chat"))
MANUAL = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs" / "manual").glob("*.md")))
SAID = [line for p in CHATS for line in p.read_text(encoding="utf-8").split("\n") if line.startswith("> ")]
SHOWN = "\n".join(p.read_text(encoding="utf-8") for p in CHATS)
TRIED = "\n".join(p.read_text(encoding="utf-8") for p in TESTS)
PURE = (
    ["regulation"]
    + [
        f"bot/{name}.py"
        for name in ("batch", "effects", "engine", "events", "forms", "people", "sessions", "turn")
    ]
    + ["bot/reminding.py", "bot/cards", "bot/handlers"]
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


EACH_MODULE = pytest.mark.parametrize("path", MODULES, ids=relative)


# -- the conversation -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_code_is_met_by_somebody(code):
    """By its code in a test, or by the words it says in a test or a conversation."""
    assert f'"{code}"' in TRIED or any(part in SHOWN or part in TRIED for part in spoken(CATALOGUE[code]))


def spoken(sentence: str) -> list[str]:
    """The parts of a sentence between what is filled in, long enough to be no other sentence's."""
    return [part for part in re.split(r"\{\w+\}", sentence) if len(part) >= 8]


@pytest.mark.parametrize("word", engine.WORDS)
def test_every_word_is_said_in_a_conversation(word):
    assert any(re.fullmatch(rf"> {re.escape(word)}(?:\s.*)?", line) for line in SAID)


LABELS: dict[str, set[str]] = {}
for _card in gallery.SAMPLES:
    for _button in (_card.submit, *_card.buttons):
        if _button:
            LABELS.setdefault(_button.action.partition(":")[0], set()).add(_button.label)


@pytest.mark.parametrize("action", engine.ACTIONS)
def test_every_action_is_on_a_card_and_tapped_in_a_conversation(action):
    assert LABELS.get(action), "no card offers it"
    assert any(f"[{label}]" in line for label in LABELS[action] for line in SAID)


def test_no_word_and_no_action_is_claimed_twice():
    words = [word for h in engine.HANDLERS for word in h.words]
    actions = [action for h in engine.HANDLERS for action in h.actions]
    assert len(words) == len(set(words))
    assert len(actions) == len(set(actions))
    assert len({h.name for h in engine.HANDLERS}) == len(engine.HANDLERS)


def test_every_handler_module_is_in_the_list():
    files = {p.stem for p in (ROOT / "bot" / "handlers").glob("*.py") if "HANDLER = " in p.read_text("utf-8")}
    assert files == {h.name for h in engine.HANDLERS}


def test_every_effect_is_carried_out_and_every_row_is_an_effect():
    kinds = set(effects.Effect.__args__)
    defined = {
        getattr(effects, node.name)
        for node in tree(Path(effects.__file__)).body
        if isinstance(node, ast.ClassDef)
    }
    assert set(applying._APPLY) == kinds == defined


def test_every_speaker_speaks():
    assert all(callable(speak) for speak in reminding.SPEAKERS.values())


# -- what an operator meets -------------------------------------------------------------------------


def commands() -> list[str]:
    """``demo``, ``import roster`` … as typed after ``jixiao``."""

    def walk(group, prefix=""):
        for name, command in sorted(group.commands.items()):
            if hasattr(command, "commands"):
                yield from walk(command, f"{prefix}{name} ")
            else:
                yield f"{prefix}{name}"

    return list(walk(typer.main.get_command(app)))


@pytest.mark.parametrize("command", commands())
def test_every_command_has_a_heading_in_the_manual(command):
    assert re.search(rf"^#+ .*\bjixiao {command}\b", MANUAL, re.MULTILINE)


def test_the_manual_has_no_command_that_is_gone():
    headings = re.findall(r"^#+ jixiao ([a-z ]+?)\s*$", MANUAL, re.MULTILINE)
    assert sorted(set(headings) - set(commands())) == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_heading_in_the_manual(name):
    assert re.search(rf"^#+ .*\bJIXIAO_{name.upper()}\b", MANUAL, re.MULTILINE)


def test_every_environment_variable_in_the_code_is_a_setting_or_a_failpoint():
    used = {
        name for p in MODULES for name in re.findall(r"JIXIAO_([A-Z][A-Z_]+)", p.read_text(encoding="utf-8"))
    }
    assert used - {name.upper() for name in Settings.model_fields} <= {"FAIL", "FAIL_TRACE"}


def test_the_words_of_the_help_card_are_words():
    texts = {card.text for card in gallery.SAMPLES if card.name == "plain.help"}
    assert len(texts) == 3  # whoever fills forms, the budget office, and finance
    offered = [line.split("　")[0] for text in texts for line in text.split("\n") if "　" in line]
    assert offered
    assert [word for word in offered if word not in engine.WORDS] == []


# -- the house --------------------------------------------------------------------------------------


@EACH_MODULE
def test_every_module_says_in_one_sentence_what_it_knows(path):
    said = ast.get_docstring(tree(path))
    assert said, "no docstring"
    first = said.split("\n\n")[0]
    assert len(first) <= 400
    assert first.rstrip("*`").endswith((".", "。", "?", "…", ")", "”"))


@EACH_MODULE
def test_no_module_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


#: the one clock, the monkey that kills processes, and the vendors' own clock.
MAY_ASK_THE_TIME = {"scheduler/clock.py", "rehearsal/chaos.py", "sandbox/clock.py"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


@EACH_MODULE
def test_nobody_else_asks_what_time_it_is(path):
    if relative(path) in MAY_ASK_THE_TIME:
        return
    asked = [
        f"{ast.unparse(node)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value).rpartition(".")[2], node.attr) in CLOCKS
    ]
    assert asked == []


@pytest.mark.parametrize("path", [p for p in MODULES if relative(p).startswith(tuple(PURE))], ids=relative)
def test_p6_no_float_where_money_is(path):
    found = [
        node.lineno
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert found == []


@EACH_MODULE
def test_nothing_is_left_to_do(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bTODO\b|\bFIXME\b|\bXXX\b|raise NotImplementedError", text)


@EACH_MODULE
def test_l04_no_address_outside_our_own_machine(path):
    """No module names a host to fetch from but this machine, the namespaces of file formats, and the chat
    platforms an operator connects to."""
    hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8")))
    ours = {"127.0.0.1", "localhost"}
    formats = {"www.w3.org", "schemas.openxmlformats.org", "purl.org"}
    assert hosts <= {
        *ours,
        *formats,
        "api.dingtalk.com",
        "oapi.dingtalk.com",
        "qyapi.weixin.qq.com",
        "work.weixin.qq.com",
        "open.work.weixin.qq.com",  # what its error texts point to
    }
