"""Things that I need more than once."""

import numpy as np


def centre(X):
    mean = X.mean(axis=0)
    return X - mean, mean


def flip_signs(components):
    """Make the largest entry of each row positive, so that my plots do not jump around."""
    largest = np.argmax(np.abs(components), axis=1)
    signs = np.sign(components[np.arange(len(components)), largest])
    return components * signs[:, None]


def descending(values, columns):
    order = np.argsort(-values, kind="stable")
    return values[order], columns[:, order]
