"""What Liquid and Nunjucks compute: values, conditions, loops, and what the header gives."""
