"""One verb each: gather through ports, decide in the engine, apply through ports. Never commits."""
