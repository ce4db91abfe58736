# Install rules are filled in by the module that owns packaging.
