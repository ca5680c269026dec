"""What a net is computed by: PyTorch while it learns, NumPy when it serves."""
