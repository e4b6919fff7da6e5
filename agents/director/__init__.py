"""Story -> Plan: the director by rules, and by a language model in `llm`."""
