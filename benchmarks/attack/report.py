"""What an attack did, and whether the site bore it."""

from dataclasses import dataclass, field

SLOWEST = 5.0
"""Seconds after which any answer is a fault."""


@dataclass
class Attack:
    """One kind of attack: how often it was tried, the worst answer, the faults."""

    name: str
    tries: int = 0
    worst: float = 0.0
    faults: list[str] = field(default_factory=list)

    def note(self, what: str, seconds: float, status: int, text: str = "") -> None:
        """Count an answer; 5xx is a fault, but for a 503 that gives its reason."""
        self.tries += 1
        self.worst = max(self.worst, seconds)
        if seconds > SLOWEST:
            self.fault(f"{what}: {seconds:.1f} s")
        if status >= 500 and not (status == 503 and text.strip()):
            self.fault(f"{what}: {status}")

    def fault(self, sentence: str) -> None:
        """Remember what went wrong."""
        self.faults.append(sentence[:200])


def table(attacks: list[Attack]) -> str:
    """Write the attacks as a table, and below it the first faults of each."""
    lines = [f"{'attack':<34} {'tries':>6} {'worst':>8} {'faults':>7}"]
    for one in attacks:
        lines.append(
            f"{one.name:<34} {one.tries:>6} {one.worst:>6.2f} s {len(one.faults):>7}"
        )
    for one in attacks:
        lines += [f"  {one.name}: {sentence}" for sentence in one.faults[:10]]
    return "\n".join(lines)
