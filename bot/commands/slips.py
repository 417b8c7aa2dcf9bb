"""What was typed wrongly at the command line, in one Chinese sentence: the library's own words are English."""

from __future__ import annotations

import errno
import re

import typer

#: what the library raises for anything typed wrongly; it has no other public name.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
#: the library's words -> ours; the first that fits.
_WORDS = (
    (r"No such command '(.*?)'", "没有“{0}”这个命令"),
    (r"No such option:? '?([^\s('.]+)'?", "没有 {0} 这个选项"),
    (r"Missing (?:argument|parameter|command)(?: '(.*?)')?", "少写了 {0}"),
    (r"Missing option '(.*?)'", "少写了 {0}"),
    (r"Option '(.*?)' (?:requires|does not take)", "{0} 后面的值写得不对：要么少了，要么不该有"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "多写了 {0}"),
    (r"is not one of (.*?)\.?$", "只能写 {0}"),
    (r"valid integer", "要写一个整数"),
    (r"(?:valid )?date", "时刻要写成 2026-10-08T09:00"),
    (r"does not exist", "没有这个文件或文件夹"),
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


#: why a file cannot be opened or written.
_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个文件夹，要的是文件",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名字太长",
}


def unusable(error: OSError) -> str:
    """A file or folder that cannot be used, and why."""
    why = _REASONS.get(error.errno or 0, str(error.strerror))
    return f"{error.filename or '文件'}：打不开或写不进，{why}。"


def said(error: Exception) -> str:
    """One sentence and where to look it up."""
    words = str(getattr(error, "message", "") or getattr(error, "format_message", lambda: "")())
    named = _named(error)
    told = words if _CHINESE.search(words) else _told(error, words)
    where = f"{named}：" if named and named not in told else ""
    return f"{where}{told.rstrip('。')}。{_usage(error)}"


def _told(error: Exception, words: str) -> str:
    whole = str(getattr(error, "format_message", lambda: words)())
    for pattern, ours in _WORDS:
        if found := re.search(pattern, whole):
            return ours.format(*(_plain(each or "") for each in found.groups()))
    return "写法不对"


def _plain(words: str) -> str:
    """A list as we write one."""
    return re.sub(r",\s*", "、", words.replace("'", ""))


def _named(error: Exception) -> str:
    """The option or argument it is about, as it is typed."""
    given = getattr(error, "param", None)
    options = [each for each in getattr(given, "opts", ()) if each.startswith("-")]
    return options[0] if options else str(getattr(given, "name", "") or "")


def _usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    path = " ".join(str(context.command_path).split()[1:]) if context else ""
    path = path.removeprefix("-m bot").removeprefix("bot").strip()
    return f"写法见 jixiao {f'{path} ' if path else ''}--help。"
