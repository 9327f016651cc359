"""What a person sees: the Gradio app, in which agents are composed, tried and published."""

from builder.before_gradio import prepare

prepare()
