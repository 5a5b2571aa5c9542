"""Glimpse: few-shot learning, contrastive embeddings and inpainting, trained in the open."""
