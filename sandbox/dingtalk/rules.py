"""Every number and every open question of the platform in one place; tests and operators change them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Rules:
    """Documented limits; where the documents are silent the comment says so and both answers can be tried.

    Seconds are the sandbox clock's."""

    # stream
    ticket_seconds: int = 90
    ping_seconds: float = 120  # not documented how often
    pong_seconds: float = 20  # not documented how long it waits
    greets: bool = False  # CONNECTED, REGISTERED and KEEPALIVE frames, which some servers send
    cut_after_seconds: float = 0  # a connection is told to disconnect after this long; 0 never
    linger_seconds: float = 10  # between disconnect and the cut, nothing is delivered
    card_seconds: float = 2
    event_seconds: float = 3
    event_pauses: tuple[float, ...] = (10, 30, 60, 120)
    robot_seconds: float = 60  # documents say never again, every report says once more after a minute
    robot_tries: int = 2
    card_tries: int = 1  # whether a card callback is ever repeated is not known
    strict_events: bool = True  # an event ACK must carry status; whether it is repeated without is not known

    # calls
    token_seconds: int = 7200
    qps: int = 20
    calls_a_month: int = 5000
    pushes_a_month: int = 3000
    calls_per_ip: int = 10_000  # in 20 seconds, then five minutes' ban
    callbacks_count: bool = True  # whether card callbacks count as pushes is not stated

    # robot
    batch_users: int = 20
    query_hours: int = 24
    sends_a_minute: int = 0  # per robot, not documented; 0 no limit, beyond it people are flow controlled

    # 工作通知
    notice_users: int = 100
    notice_bytes: int = 2048
    notices_a_day: int = 500
    notices_a_minute: int = 5000
    notice_result_users: int = 100

    # cards
    card_value_bytes: int = 8192  # documents say 1024, the vendor's own example sends 3246
    number_as: str = "string"  # or "number": what type a NUMBER field comes back as is not documented
    forward_anyway: bool = False  # an old client forwards although supportForward is false
    spaces_a_call: int = 30  # several IM_ROBOT targets in one call: in a generated example only

    # media
    image_bytes: int = 20 * 1024 * 1024
    voice_bytes: int = 2 * 1024 * 1024
    code_seconds: int = 7200  # how long a downloadCode lives is not documented
    url_seconds: int = 600
