"""What customers do themselves: each method checks who asks, calls a service, and returns plain values."""
