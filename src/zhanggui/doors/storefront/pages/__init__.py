"""The pages, by what a shopper does there."""
