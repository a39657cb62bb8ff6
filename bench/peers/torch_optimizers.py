"""The steps of a case's optimizer in PyTorch, in as few operations as they take, and the tables that they read: what follows from the
schedules alone is computed once for all steps, and differentiated once."""
import torch

class Momentum:
    """Its slot is the velocity with the other sign, so that a step is one interpolation and one product."""
    slots = 1

    def __init__(self, optimizer):
        pass

    @staticmethod
    def tables(schedules):
        return [schedules["learningRate"], schedules["momentum"]]

    @staticmethod
    def step(tables, weights, slots, gradients):
        rates, momenta = tables
        velocities = [torch.lerp(g, v, m) for g, v, m in zip(gradients, slots[0], momenta)]
        return [torch.addcmul(w, a, v, value=-1) for w, a, v in zip(weights, rates, velocities)], [velocities]


class AdamW:
    """Its slots are the first and the second moment."""
    slots = 2

    def __init__(self, optimizer):
        self.epsilon = optimizer["epsilon"]

    @staticmethod
    def tables(schedules):
        rates, beta1, beta2, decays = (schedules[name] for name in ("learningRate", "beta1", "beta2", "weightDecay"))
        return [1 - rates * decays, beta1, beta2, rates / (1 - beta1.cumprod(0)), 1 / (1 - beta2.cumprod(0))]

    def step(self, tables, weights, slots, gradients):
        kept, beta1, beta2, rates, corrections = tables
        first = [torch.lerp(g, p, b) for g, p, b in zip(gradients, slots[0], beta1)]
        second = [torch.lerp(g * g, s, b) for g, s, b in zip(gradients, slots[1], beta2)]
        roots = [(s * c).sqrt() + self.epsilon for s, c in zip(second, corrections)]
        moved = [torch.addcdiv(w * k, p * a, r, value=-1) for w, k, p, a, r in zip(weights, kept, first, rates, roots)]
        return moved, [first, second]


OPTIMIZERS = {"momentum": Momentum, "adamw": AdamW}
