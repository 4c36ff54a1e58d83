"""The resources of a stack that are left out on this machine, because the embedded AWS has no such type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# What is missing for a user, by the beginning of the type.
_EFFECTS = {
    "AWS::ApplicationAutoScaling::": "nothing scales",
    "AWS::Backup::": "there are no backups",
    "AWS::Budgets::": "nothing is budgeted",
    "AWS::CertificateManager::": "there is no certificate; viewers use plain HTTP here",
    "AWS::Chatbot::": "nobody is notified",
    "AWS::CloudFormation::Stack": "an application of the Serverless Application Repository, which only AWS has; its "
    "outputs have values that lead nowhere",
    "AWS::CloudTrail::": "no trail is written",
    "AWS::CloudWatch::": "nothing is watched",
    "AWS::CodePipeline::": "no pipeline runs",
    "AWS::GuardDuty::": "nothing is watched",
    "AWS::Kinesis": "nothing is streamed",
    "AWS::Logs::": "no logs are kept",
    "AWS::RUM::": "no page is watched",
    "AWS::Route53::": "no DNS record leads here; the addresses above do, and the aliases as the header Host",
    "AWS::Shield::": "no request is blocked",
    "AWS::Synthetics::": "nothing is watched",
    "AWS::WAF": "no request is blocked",
}
_OTHERS = "whatever needs it does not work here"


def lines(resources: Mapping[str, str]) -> Iterator[str]:
    """A line for each resource, which says what its absence means. `resources` are types by logical id."""
    for logical_id, kind in resources.items():
        effect = next((effect for start, effect in _EFFECTS.items() if kind.startswith(start)), _OTHERS)
        yield f"{logical_id} ({kind}): {effect}"
