"""The cards of a small form: its questions, and the answers shown back before they count."""

from __future__ import annotations

from bot.cards.card import Button, Card, Input, Row, Style, Tone


def form(
    title: str, about: str, verb: str, inputs: tuple[Input, ...], *, note: str, subject: str, data: str = ""
) -> Card:
    """What is asked; an answer that could not be read says why at its place."""
    return Card(
        name="small_form.form",
        title=title,
        lead=about,
        tone=Tone.WARN if any(each.problem for each in inputs) else Tone.PLAIN,
        inputs=inputs,
        submit=Button(f"{verb}_check", "填好了", Style.PRIMARY),
        note=note,
        subject=subject,
        data=data,
    )


def preview(
    title: str,
    about: str,
    verb: str,
    confirm: str,
    rows: tuple[Row, ...],
    *,
    note: str,
    subject: str,
    data: str = "",
) -> Card:
    """What was read; nothing counts before it is confirmed."""
    return Card(
        name="small_form.preview",
        title=f"请核对：{title}",
        lead=about,
        rows=rows,
        buttons=(
            Button(f"{verb}_confirm", confirm, Style.PRIMARY),
            Button(f"{verb}:{subject}", "改一改"),
        ),
        note=note,
        subject=subject,
        data=data,
    )
