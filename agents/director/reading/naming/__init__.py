"""How the people of a page are named: who is introduced, and which names are one."""
