"""What a browser makes of a result: the contrast of its words, and what is cut off."""

from __future__ import annotations

from typing import Any

__all__ = ["contrasts", "outside"]

# The browser itself mixes the colours: all backgrounds from the page's to the element's, and the text's upon them.
CONTRASTS = """root => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const paint = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
    const luminance = () => {
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    for (const details of root.querySelectorAll('details')) details.open = true;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
        if (!text || element.tagName === 'STYLE') continue;
        const chain = [];
        for (let node = element; node; node = node.parentElement) chain.unshift(getComputedStyle(node));
        paint('white');
        for (const style of chain) paint(style.backgroundColor);
        const behind = luminance();
        paint(chain.at(-1).color);
        const [low, high] = [behind, luminance()].sort((a, b) => a - b);
        found.push([text, (high + 0.05) / (low + 0.05)]);
    }
    return found;
}"""
OUTSIDE = """root => {
    const edge = root.getBoundingClientRect();
    return [...root.querySelectorAll('p, span, summary, pre')]
        .filter(node => !node.parentElement.closest('pre'))  // which scrolls
        .map(node => [node.textContent, node.getBoundingClientRect()])
        .filter(([text, box]) => box.right > edge.right || box.left < edge.left)
        .map(([text]) => text);
}"""


def contrasts(result: Any) -> dict[str, float]:
    """Return the contrast of each text of a result, folded ones too: 1 to 21 by WCAG 2, which asks for 4.5."""
    found: dict[str, float] = {}
    for text, ratio in result.evaluate(CONTRASTS):
        found[text] = min(ratio, found.get(text, ratio))
    return found


def outside(result: Any) -> list[str]:
    """Return the texts that reach beyond the result's own edges."""
    texts: list[str] = result.evaluate(OUTSIDE)
    return texts
