"""Plan -> Film: the LangGraph graph of the work, its state and its nodes."""
