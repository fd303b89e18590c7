"""Builds the two labelled filings of the pack eu-gpai: invented providers, documents in DOCX, planted defects.

python eval/cases-eu/build.py
"""

import json
from pathlib import Path

from docx import Document

HERE = Path(__file__).resolve().parent
Sections = list[tuple[str, list[str]]]

ORRIN_DOCUMENTATION: Sections = [
    ("Technical documentation of Orrin 2", [
        "Orrin Labs Inc., established in the United States. Version 2.1, last updated 3 March 2026; the documentation is updated with every release by the model owner.",
    ]),
    ("General description", [
        "Intended tasks: drafting, summarising and translating text, and answering questions. Orrin 2 is meant to be integrated into AI systems for office work and customer service.",
        "Acceptable use policy: prohibited uses are biometric categorisation, social scoring and malware; accounts that break the policy are closed.",
        "Release: placed on the market on 1 December 2025. Methods of distribution: hosted API.",
        "Architecture: decoder-only transformer with 13 billion parameters.",
        "Modality: text. Inputs are UTF-8 text; outputs are UTF-8 text or JSON.",
        "Licence: proprietary licence of Orrin Labs, version 4.",
    ]),
    ("Development", [
        "Integration: instructions for use, an SDK and example infrastructure are provided.",
        "Training process: pre-training on text, then supervised fine-tuning and preference optimisation.",
        "Design choices: the rationale for a dense model is predictable latency; we assume that most prompts are shorter than 4,000 tokens. The model is designed to optimise next-token prediction; the objective is cross-entropy loss.",
        "Training data: web pages, licensed books and code. Provenance: a public crawl of 2024, licences with three publishers, and public repositories; in all 2.1 trillion tokens.",
        "Curation: the corpus was cleaned, filtered for quality and deduplicated; unsuitable sources were excluded by a blocklist after review.",
        "Compute: training took 2.6 x 10^23 floating-point operations over 41 days.",
    ]),
    ("Evaluation", [
        "Evaluation on public benchmarks: accuracy of 71.4% on knowledge questions and 64.0% on summarising.",
        "Contact for the AI Office and the competent authorities: regulatory@orrin.example. We cooperate with every request. Compliance is shown by the code of practice, signed on 1 September 2025.",
    ]),
]  # fmt: skip
ORRIN_DOWNSTREAM: Sections = [
    ("Documentation for downstream providers: Orrin 2", ["Orrin Labs Inc., 3 March 2026."]),
    ("What the model is for", [
        "Intended tasks: drafting, summarising, translating and answering questions in AI systems for office work and customer service.",
        "Capabilities: the model performs well on English and German. Limitations: it is not suitable for legal or medical decisions, and answers about events after 2024 may be wrong.",
        "Acceptable use policy: as published with the model.",
        "Release: 1 December 2025, through a hosted API.",
    ]),
    ("How to integrate it", [
        "Technical means: instructions for use, an integration guide and an SDK, version 2.1. The API can interact with external tools; no special hardware is needed.",
        "Architecture: decoder-only transformer with 13 billion parameters.",
        "Inputs and outputs are text in UTF-8. Licence: proprietary licence of Orrin Labs, version 4.",
        "Training data: web, licensed books and code; provenance and curation (filtering, deduplication) are described in the technical documentation.",
    ]),
]  # fmt: skip
ORRIN_COPYRIGHT: Sections = [
    ("Copyright policy", [
        "This policy sets out how Orrin Labs complies with copyright law of the Union. Responsible: the data governance officer.",
        "Our crawler reads robots.txt and machine-readable metadata. We do not consider an opt-out that is expressed only in the terms of a website.",
        "Reservations of rights under Article 4(3) of Directive (EU) 2019/790 found by these protocols are respected and the pages excluded.",
        "Rightholders can reach us at rights@orrin.example; complaints are answered within 20 days.",
    ]),
]  # fmt: skip
ORRIN_SUMMARY: Sections = [
    ("Public summary of training content", [
        "This summary follows the template of the AI Office and is published at https://orrin.example/summary.",
        "Main sources: a web crawl of 2024 (78% of tokens), licensed books (9%) and public code repositories (13%), in all 2.1 trillion tokens.",
        "Crawled from January to June 2024; the top domains are listed in the annex to this summary.",
    ]),
]  # fmt: skip
ORRIN_MANDATE: Sections = [
    ("Mandate of the authorised representative", [
        "Orrin Labs Inc., established in the United States, appoints Lindqvist Compliance AB, established in Sweden, as its authorised representative in the European Union under Article 54.",
        "The representative verifies that the technical documentation of Annex XI has been drawn up and that the duties of Article 53 are fulfilled.",
        "The representative keeps a copy of the technical documentation for 5 years after the model has been placed on the market.",
        "On reasoned request it provides all information and documentation to the AI Office and cooperates with the competent authorities, by which it may be addressed in addition to or instead of the provider.",
        "The representative terminates the mandate if the provider acts contrary to its obligations, and informs the AI Office immediately, with reasons.",
    ]),
]  # fmt: skip

HALDEN_DOCUMENTATION: Sections = [
    ("Technical documentation of Halden-L", [
        "Halden AI SE, established in Norway and Germany. Version 1.3, last updated 10 May 2026. Halden-L is notified as a model with systemic risk.",
    ]),
    ("General description", [
        "Intended tasks: reasoning over long documents, writing code, and analysing images. It can be integrated into AI systems of every sector.",
        "Acceptable use policy: prohibited uses include weapons development and mass surveillance.",
        "Release: placed on the market on 20 February 2026; distributed through an API and on-premise installations.",
        "Architecture: mixture-of-experts transformer with 480 billion parameters.",
        "Modality: text and image. Inputs are text and images; outputs are text.",
        "Licence: commercial licence of Halden AI.",
    ]),
    ("Development", [
        "Integration: instructions for use, tools and infrastructure requirements are given to customers.",
        "Training process: pre-training, supervised fine-tuning and reinforcement learning; alignment work follows the safety policy.",
        "Design choices: a mixture of experts was chosen because of inference cost; the assumption is that most requests use two experts. The objective is next-token prediction.",
        "Training data: web pages, licensed data and synthetic data; the provenance of each source is recorded; 14 trillion tokens in all.",
        "Curation: cleaning, filtering and deduplication; sources found unsuitable were removed after review. Bias was measured by a test on twelve groups.",
        "Compute: training took 3.1 x 10^25 floating-point operations over 96 days and consumed 21,400 MWh.",
        "System architecture: the router, the experts and the safety filter are components that feed into each other.",
    ]),
    ("Evaluation", [
        "Evaluation: results on public benchmarks are a score of 83.2% on knowledge and 61.5% on code.",
        "Contact for the AI Office: regulatory@halden.example; we cooperate with the competent authorities. Compliance is shown by the code of practice.",
    ]),
]  # fmt: skip
HALDEN_DOWNSTREAM: Sections = [
    ("Documentation for downstream providers: Halden-L", ["Halden AI SE, 10 May 2026."]),
    ("What the model is for", [
        "Intended tasks: long documents, code and images. Capabilities: it can be used in 24 languages. Limitations: it is not suitable as the only basis of decisions about persons.",
        "Acceptable use policy: see the technical documentation. Release: 20 February 2026.",
    ]),
    ("How to integrate it", [
        "Technical means: instructions for use, an API and an SDK, version 1.3. The model can interact with external tools; on-premise installation requires eight accelerators (hardware).",
        "Architecture: mixture-of-experts transformer with 480 billion parameters. Inputs: text and images. Outputs: text. The context window is 256,000 tokens.",
        "Licence: commercial licence of Halden AI. Training data: web, licensed and synthetic data, with filtering and deduplication.",
    ]),
]  # fmt: skip
HALDEN_COPYRIGHT: Sections = [
    ("Copyright policy", [
        "The policy of Halden AI on copyright. Responsible: the legal team.",
        "Reservations of rights under Article 4(3) of Directive (EU) 2019/790 are respected: the crawler reads robots.txt and machine-readable metadata, and reserved works are excluded.",
        "Contact for rightholders and complaints: rights@halden.example.",
    ]),
]  # fmt: skip
HALDEN_SUMMARY: Sections = [
    ("Summary of training content", [
        "This summary of the content used for training follows the template of the AI Office. It is confidential and not published.",
        "Main sources: web crawl (71% of tokens), licensed data (18%), synthetic data (11%). The top domains are listed at the end.",
    ]),
]  # fmt: skip
HALDEN_RISK: Sections = [
    ("Systemic-risk file of Halden-L", ["Version 1.3, 10 May 2026."]),
    ("Evaluation strategy", [
        "Evaluation criteria, metrics and protocols are state of the art: each capability is scored by standardised protocols; limitations are identified by a review of failures.",
        "Adversarial testing: an internal red team and an external laboratory tested the model in January 2026; findings are documented and were mitigated before release.",
    ]),
    ("Systemic risks", [
        "Systemic risks at Union level were assessed by likelihood and severity, with their sources: misuse for cyber attacks, and loss of control. Safeguards reduce each of them; the mitigation is described per risk.",
    ]),
    ("Incidents", ["Incidents are recorded in a register and discussed every quarter."]),
    ("Security", [
        "Cybersecurity: the weights are encrypted, access control is strict. The data centre is certified and its physical access is under surveillance.",
    ]),
]  # fmt: skip

CASES: dict[str, dict[str, object]] = {
    "orrin-outside-union": {
        "title": "Orrin 2, a text model of a provider outside the Union",
        "profile": "typical", "route": "gpai", "as_of": "2026-06-30", "traits": ["general-purpose", "outside-union"],
        "documents": {
            "technical-documentation.docx": ("documentation", ORRIN_DOCUMENTATION), "downstream.docx": ("downstream", ORRIN_DOWNSTREAM),
            "copyright-policy.docx": ("copyright", ORRIN_COPYRIGHT), "training-summary.docx": ("summary", ORRIN_SUMMARY),
            "mandate.docx": ("mandate", ORRIN_MANDATE),
        },
        "defects": [
            ("XI-18", "M01", "major", "technical-documentation.docx", "", "No method to detect bias in the data is described."),
            ("XI-21", "M01", "major", "technical-documentation.docx", "", "The energy consumption is neither stated nor estimated."),
            ("XII-10", "M01", "major", "downstream.docx", "", "The maximum size of inputs is not stated."),
            ("CPR-02", "M02", "fatal", "copyright-policy.docx", "We do not consider an opt-out that is expressed only in the terms of a website.", "Some reservations of rights are not respected."),
            ("REP-03", "M02", "major", "mandate.docx", "keeps a copy of the technical documentation for 5 years", "The copy has to be kept for 10 years."),
        ],
        "must_not_flag": [("PRO-04", "technical-documentation.docx", "2.6 x 10^23 floating-point operations", "Below the presumption of systemic risk.")],
    },
    "halden-systemic": {
        "title": "Halden-L, a model with systemic risk",
        "profile": "light", "route": "systemic", "as_of": "2026-06-30", "traits": ["general-purpose", "systemic-risk"],
        "documents": {
            "technical-documentation.docx": ("documentation", HALDEN_DOCUMENTATION), "downstream.docx": ("downstream", HALDEN_DOWNSTREAM),
            "copyright-policy.docx": ("copyright", HALDEN_COPYRIGHT), "training-summary.docx": ("summary", HALDEN_SUMMARY),
            "systemic-risk-file.docx": ("risk", HALDEN_RISK),
        },
        "defects": [
            ("SUM-02", "M02", "major", "training-summary.docx", "It is confidential and not published.", "The summary has to be public."),
            ("SYS-06", "M01", "fatal", "systemic-risk-file.docx", "", "Nothing is said about reporting serious incidents to the AI Office."),
        ],
        "must_not_flag": [("PRO-04", "technical-documentation.docx", "3.1 x 10^25 floating-point operations", "The model is treated as one with systemic risk.")],
    },
}  # fmt: skip


def build(name: str, case: dict[str, object]) -> None:
    """Writes one case: its package and its labels."""
    package = HERE / name / "package"
    package.mkdir(parents=True, exist_ok=True)
    documents: dict[str, tuple[str, Sections]] = case["documents"]  # type: ignore[assignment]
    for file, (_, sections) in documents.items():
        made = Document()
        for level, (heading, paragraphs) in enumerate(sections):
            made.add_heading(heading, 1 if level == 0 else 2)
            for text in paragraphs:
                made.add_paragraph(text)
        made.save(str(package / file))
    defects: list[tuple[str, str, str, str, str, str]] = case["defects"]  # type: ignore[assignment]
    hard: list[tuple[str, str, str, str]] = case["must_not_flag"]  # type: ignore[assignment]
    labels = {
        "case": name, "title": case["title"], "pack": "eu-gpai", "profile": case["profile"], "route": case["route"], "as_of": case["as_of"],
        "service": {"traits": case["traits"]},
        "documents": [{"file": f, "role": role} for f, (role, _) in documents.items()],
        "defects": [
            {
                "id": f"d{n:02d}", "code": code, "requirements": [requirement], "severity": severity, "needs": ["rule"], "documents": [file],
                "where": file, "quotes": [quote] if quote else [], "absent": not quote, "explanation": why, "fix": why,
            }
            for n, (requirement, code, severity, file, quote, why) in enumerate(defects, 1)
        ],
        "must_not_flag": [{"requirement": r, "code": None, "document": f, "quote": q, "why": w} for r, f, q, w in hard],
        "facts": [],
    }  # fmt: skip
    (HERE / name / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each, content in CASES.items():
        build(each, content)
