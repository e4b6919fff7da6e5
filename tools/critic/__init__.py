"""Clips -> measurements, by the embedded critic; and its calibration."""
