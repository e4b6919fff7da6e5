"""Published diffusion families: loading, memory, sampling, CogVideoX and Wan."""
