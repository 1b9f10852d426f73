"""The line in which every figure ends: `RESULT <name> <ours> <what it stands beside> <ratio>`."""


def tell(name: str, ours: float, beside: float) -> None:
    print(f"RESULT {name} {_short(ours)} {_short(beside)} {_ratio(ours, beside)}", flush=True)


def _ratio(ours: float, beside: float) -> str:
    return f"{ours / beside:.3f}" if beside else "inf"


def _short(figure: float) -> str:
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
