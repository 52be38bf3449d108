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

    def line(self) -> str:
        """The attack in a line of the table."""
        return (
            f"{self.name:<34} {self.tries:>6} {self.worst:>6.2f} s"
            f" {len(self.faults):>7}"
        )


HEAD = f"{'attack':<34} {'tries':>6} {'worst':>8} {'faults':>7} {'after':>9}"


def first_faults(attacks: list[Attack]) -> str:
    """Write the first faults of each, a line each."""
    return "\n".join(
        f"  {one.name}: {sentence}" for one in attacks for sentence in one.faults[:10]
    )
