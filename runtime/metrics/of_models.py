"""What is counted of models, and of the money that they take."""

from runtime.lang import Text
from runtime.metrics.about import LONG, About

OF_MODELS = (
    About(
        "hongyan_model_tries",
        "counter",
        ("model", "outcome"),
        "Models that were asked: answered, stood_in (answered after others had failed), failed, cached (not "
        "asked: the answer was known)",
        Text("模型答了没有，备用模型顶了多少", "Whether models answer, and how often others stand in"),
    ),
    About(
        "hongyan_model_seconds",
        "histogram",
        ("model",),
        "Model asked until its answer was whole",
        Text("哪个模型慢", "Which model is slow"),
        "seconds",
        LONG,
    ),
    About(
        "hongyan_model_tokens",
        "counter",
        ("model", "kind"),
        "Tokens of models by kind: prompt, completion",
        Text("用量", "How much is used"),
        "tokens",
    ),
    About(
        "hongyan_model_cost_dollars",
        "counter",
        ("model",),
        "US dollars that models took, where the price is known",
        Text("花了多少钱", "What it costs"),
        "dollars",
    ),
    About(
        "hongyan_model_unpriced_tokens",
        "counter",
        ("model",),
        "Tokens whose price nobody knows",
        Text("有多少不知道价钱", "How much of it has no known price"),
        "tokens",
    ),
    About(
        "hongyan_model_out",
        "gauge",
        ("model", "code"),
        "Models that failed since they last answered: 1 is asked last, 0.5 is tried again next, 0 not yet",
        Text("哪个模型坏了", "Which model is out"),
    ),
    About(
        "hongyan_model_key_rests",
        "gauge",
        ("endpoint", "key", "code"),
        "Keys that were refused: seconds until they are asked again",
        Text("哪把密钥被拒了", "Which key is refused"),
        "seconds",
    ),
    About(
        "hongyan_budget_left",
        "gauge",
        ("budget",),
        "Share of today's budget that is left, 1 to 0, by the budget's name (all: of everything)",
        Text("今天的额度还剩多少", "How much of today's budget is left"),
        "share",
    ),
)
