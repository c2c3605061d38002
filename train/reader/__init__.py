"""From corpora to the shipped reader: vocabulary, first embeddings, pre-training, fine-tuning."""
