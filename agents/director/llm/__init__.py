"""Story -> Plan by a language model that is asked, checked, asked again, and never trusted."""
