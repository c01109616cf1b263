"""How templates are compiled: as Jinja does, with quicker ways to escape and to look into a view."""

from functools import cached_property
from keyword import iskeyword

from jinja2 import Environment, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from kgpub.represent.locale import Voice
from kgpub.represent.markup import inert


class _Generator(CodeGenerator):
    """Writes a template as Python: what it puts out goes through ``inert``, which makes no object of what is safe.

    A page puts out hundreds of values, nearly all of which are fragments or have nothing to escape. Our own templates,
    which come from files, look only for what views have; a site's may look for anything, as Jinja lets them.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _is_escaped(frame, finalize):
            super()._output_child_pre(node, frame, finalize)
        elif self._is_word(node):
            self._words.add(id(node))
            self.write("(")
        else:
            self.write("(put if (put := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _is_escaped(frame, finalize) or id(node) in self._words:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(").__class__ is Markup else environment.inert(put))")

    def _is_word(self, node: nodes.Expr) -> bool:
        """Whether what one of our templates puts out is a word of the interface with nothing put in."""
        return (
            self.filename is not None
            and isinstance(node, nodes.Call)
            and _is_say(node.node)
            and len(node.args) == 1
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        )

    @cached_property
    def _words(self) -> set[int]:
        """Which nodes put out such a word."""
        return set()

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 # Jinja's name
        """What stands in a row goes out in one piece: every piece passes through each template around."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        frame.buffer = self.temporary_identifier()
        self.writeline(f"{frame.buffer} = []")
        super().visit_Output(node, frame)
        self.writeline(f"yield ''.join({frame.buffer})")
        frame.buffer = None

    def visit_Call(  # noqa: N802 # Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call of ``say``, of which Jinja need not find out how it wants to be called."""
        if self.filename is None or forward_caller or not _is_say(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.word(" if id(node) in self._words else "environment.said(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 # Jinja's name
        """An attribute of a view, asked for as Python does."""
        if self.filename is None or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


def _is_escaped(frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> bool:
    """Whether what is put out here is escaped, which is known as the template is compiled."""
    return finalize.src is None and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile


def _is_say(called: nodes.Expr) -> bool:
    return isinstance(called, nodes.Name) and called.name == "say"


def _said(say: Voice, key: str, **values: object) -> str:
    return say(key, **values)


def _word(say: Voice, key: str) -> Markup:
    return say.marked[key]


class _Gathering(NodeTransformer):
    """Puts what one of our templates includes in its place, which saves a context of its own each time.

    What a site has in place of ours is included as ever, since it may look for anything.
    """

    def __init__(self, environment: "Templates") -> None:
        self._environment = environment

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 # Jinja's name
        """What is included, in a scope of its own."""
        environment, named = self._environment, node.template
        if not isinstance(named, nodes.Const) or not node.with_context or environment.loader is None:
            return node
        try:
            source, filename, _ = environment.loader.get_source(environment, named.value)
        except TemplateNotFound:
            return node
        if filename is None:
            return node
        return nodes.Scope(environment._parse(source, named.value, filename).body, lineno=node.lineno)


class Templates(Environment):
    """Jinja's environment with that way to escape."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found = super()._parse(source, name, filename)
        if filename is not None:
            _Gathering(self).visit(found)
        return found

    code_generator_class = _Generator
    inert = staticmethod(inert)
    said = staticmethod(_said)
    word = staticmethod(_word)
