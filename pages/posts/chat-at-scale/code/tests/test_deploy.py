"""The manifest fits the schemas of the Kubernetes version that the article names."""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

FILE = Path(__file__).parents[1] / "deploy/mosquitto.yaml"


def test_each_document_fits_the_schema():
    documents = list(yaml.safe_load_all(FILE.read_text()))
    assert len(documents) == 3
    for document in documents:
        kubernetes_validate.validate(document, "1.35", strict=True)


def test_the_schema_would_notice_a_slip():
    [first, *_] = yaml.safe_load_all(FILE.read_text())
    first["spec"]["replicas"] = "one"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(first, "1.35", strict=True)
