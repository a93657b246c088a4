"""What a coordinator may change of the framework, on plain form pages."""

from catalog.competencies.forms.facts import AreaForm, CategoryForm, FactForm, TagForm, TopicForm
from catalog.competencies.forms.load import LoadForm
from catalog.competencies.forms.policies import BEGIN, FORMS, BeginPolicyForm, PolicyForm
from catalog.competencies.forms.rules import BeginForm, FigureForm, RuleForm

__all__ = [
    "BEGIN",
    "FORMS",
    "AreaForm",
    "BeginForm",
    "BeginPolicyForm",
    "CategoryForm",
    "FactForm",
    "FigureForm",
    "LoadForm",
    "PolicyForm",
    "RuleForm",
    "TagForm",
    "TopicForm",
]
