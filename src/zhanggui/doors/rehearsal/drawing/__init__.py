"""Product pictures drawn by code: one silhouette per kind of goods, its proportions, colours and marks from the SKU."""
