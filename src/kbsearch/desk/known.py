"""All labels of a desk together: what its history links, and what its readers said."""

from __future__ import annotations

from collections.abc import Iterable

from kbsearch.desk.evaluating import DeskEvaluation
from kbsearch.desk.feedback import DeskFeedback
from kbsearch.errors import ConfigError
from kbsearch.evaluation import LabelSet
from kbsearch.models import Audience, parse_groups


class DeskLabels(DeskEvaluation, DeskFeedback):
    """What rankings and models are fitted to and measured with, unless something else is given."""

    def known_labels(self, audience: Audience | str, *, groups: Iterable[str] = ()) -> LabelSet:
        """
        What `labels` and `feedback_labels` say of an audience's questions.

        Args:
            audience: Who asks.
            groups: Those of staff that the asker is in.

        Raises:
            AudienceError: If the audience is missing or unknown.
            GroupError: If a group cannot be one.
            StoreError: If a shelf cannot be read.
        """
        named = parse_groups(groups, Audience.parse(audience))
        said = self.feedback_labels(audience, groups=named)
        return LabelSet.joined([self.labels(audience, groups=named), said])

    def _given_or_known(self, labels: LabelSet | None, audience: Audience) -> LabelSet:
        if labels is None:
            return self.known_labels(audience)
        if not isinstance(labels, LabelSet):
            raise ConfigError(
                f"labels is a {type(labels).__name__}. Pass a LabelSet, as known_labels() gives."
            )
        return labels
