"""Questions -> answers of an OpenAI-compatible endpoint, recorded in a cassette."""
