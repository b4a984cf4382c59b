"""How every page looks: components, gallery, style, charts, and the words for numbers, money and dates."""
