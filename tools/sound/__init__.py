"""Lines and sound files -> what a film is heard by: voices, music, stems and the mix."""
