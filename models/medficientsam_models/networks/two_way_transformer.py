"""SAM's two-way transformer: prompt tokens and image pixels attend to each other."""

from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Multi-head attention with `inner` channels in all heads together; (B, Q, width), (B, K, width) -> (B, Q, width)."""

    def __init__(self, width: int, inner: int, heads: int):
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, inner)
        self.k_proj = nn.Linear(width, inner)
        self.v_proj = nn.Linear(width, inner)
        self.out_proj = nn.Linear(inner, width)

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        q, k, v = (self._split(x) for x in (self.q_proj(q), self.k_proj(k), self.v_proj(v)))  # (B, heads, n, inner / heads)
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)         # (B, heads, Q, K)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class TwoWayAttention(nn.Module):
    """Four steps: tokens to themselves, tokens to image, feed-forward on tokens, image to tokens; each normalised after.

    Subclasses bring the feed-forward part, whose parameters SAM and nano name differently.
    """

    def __init__(self, width: int, heads: int, cross_inner: int, *, first: bool, norm_eps: float):
        super().__init__()
        self.first = first
        self.self_attn = Attention(width, width, heads)
        self.norm1 = nn.LayerNorm(width, eps=norm_eps)
        self.cross_attn_token_to_image = Attention(width, cross_inner, heads)
        self.norm2 = nn.LayerNorm(width, eps=norm_eps)
        self.norm3 = nn.LayerNorm(width, eps=norm_eps)
        self.norm4 = nn.LayerNorm(width, eps=norm_eps)
        self.cross_attn_image_to_token = Attention(width, cross_inner, heads)

    def feed_forward(self, tokens: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, tokens: Tensor, pixels: Tensor, token_pe: Tensor, pixel_pe: Tensor) -> tuple[Tensor, Tensor]:
        """tokens (N, T, width), pixels (N, h*w, width), each with its positional encoding, which only queries and keys see."""
        if self.first:
            # The tokens still are their own positional encoding, and upstream replaces them here instead of adding.
            tokens = self.self_attn(tokens, tokens, tokens)
        else:
            tokens = tokens + self.self_attn(tokens + token_pe, tokens + token_pe, tokens)
        tokens = self.norm1(tokens)
        placed = pixels + pixel_pe
        tokens = self.norm2(tokens + self.cross_attn_token_to_image(tokens + token_pe, placed, pixels))
        tokens = self.norm3(tokens + self.feed_forward(tokens))
        pixels = self.norm4(pixels + self.cross_attn_image_to_token(placed, tokens + token_pe, tokens))
        return tokens, pixels


class Mlp(nn.Module):
    """Linear, ReLU, linear."""

    def __init__(self, width: int, hidden: int):
        super().__init__()
        self.lin1 = nn.Linear(width, hidden)
        self.lin2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.lin2(F.relu(self.lin1(x)))


class TwoWayBlock(TwoWayAttention):
    """SAM's own layer, with the feed-forward part under `mlp`."""

    def __init__(self, width: int, heads: int, cross_inner: int, hidden: int, *, first: bool, norm_eps: float):
        super().__init__(width, heads, cross_inner, first=first, norm_eps=norm_eps)
        self.mlp = Mlp(width, hidden)

    def feed_forward(self, tokens: Tensor) -> Tensor:
        return self.mlp(tokens)


class TwoWayTransformer(nn.Module):
    """SAM's decoder transformer: two layers and a last attention from tokens to image."""

    def __init__(self, *, norm_eps: float, width: int = 256, heads: int = 8, hidden: int = 2048, depth: int = 2):
        super().__init__()
        self.layers = nn.ModuleList(
            TwoWayBlock(width, heads, width // 2, hidden, first=i == 0, norm_eps=norm_eps) for i in range(depth))
        self.final_attn_token_to_image = Attention(width, width // 2, heads)
        self.norm_final_attn = nn.LayerNorm(width, eps=norm_eps)

    def forward(self, token_pe: Tensor, pixels: Tensor, pixel_pe: Tensor) -> tuple[Tensor, Tensor]:
        """token_pe (N, T, width) are tokens and their encoding; pixels (N, h*w, width), pixel_pe (1, h*w, width)."""
        tokens = token_pe
        for layer in self.layers:
            tokens, pixels = layer(tokens, pixels, token_pe, pixel_pe)
        attended = self.final_attn_token_to_image(tokens + token_pe, pixels + pixel_pe, pixels)
        return self.norm_final_attn(tokens + attended), pixels
