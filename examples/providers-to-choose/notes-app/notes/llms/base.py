class BaseLlm:
    def __init__(self, model=None):
        self.model = model

    def complete(self, prompt):
        raise NotImplementedError
