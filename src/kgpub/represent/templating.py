"""How templates are compiled: as Jinja does, with quicker ways to escape and to look into a view."""

from collections.abc import Callable, Iterable
from keyword import iskeyword
from typing import TypeVar

from jinja2 import Environment, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from kgpub.represent.locale import Voice
from kgpub.represent.markup import inert

_Given = TypeVar("_Given")


class _Generator(CodeGenerator):
    """Writes a template as Python: what it puts out goes through ``inert``, which makes no object of what is safe.

    A page puts out hundreds of values, nearly all of which are fragments or have nothing to escape. Our own templates,
    which come from files, look only for what views have; a site's may look for anything, as Jinja lets them.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _is_escaped(frame, finalize):
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(put if (put := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _is_escaped(frame, finalize):
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(").__class__ is Markup else environment.inert(put))")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """What one of our templates puts out, or a block of it, goes out in one piece: each passes several others."""
        if self.filename is None or frame.buffer is not None or frame.require_output_check:
            super().blockvisit(nodes, frame)
            return
        self._gathered(super().blockvisit, nodes, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 # Jinja's name
        """What stands in a row goes out in one piece: every piece passes through each template around."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        self._gathered(super().visit_Output, node, frame)

    def _gathered(self, visit: Callable[[_Given, Frame], None], given: _Given, frame: Frame) -> None:
        """Have what is visited put into a list, which goes out in one piece."""
        self.buffer(frame)
        visit(given, frame)
        self.writeline(f"yield ''.join({frame.buffer})")
        frame.buffer = None

    def visit_Call(  # noqa: N802 # Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call of ``say``, or of what a view has: Jinja need not find out how those want to be called."""
        is_own = isinstance(node.node, nodes.Getattr) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if self.filename is None or forward_caller or not (is_own or _is_say(node.node)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        if is_own:
            self.visit(node.node, frame)
            self.write("(")
            for one in node.args:
                self.visit(one, frame)
                self.write(", ")
            self.write(")")
            return
        self.write("environment.said(")
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


class _Gathering(NodeTransformer):
    """Puts what one of our templates includes in its place, and each word of the interface where it is said.

    That saves a context of its own each time, and nearly all that is left between two values is one piece of text. What
    a site has in place of ours is included as ever, since it may look for anything.
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

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 # Jinja's name
        """A word with nothing put in, which is the same on every page; it is escaped where it stands."""
        voice = self._environment.voice
        if voice is None or not _is_say(node.node) or len(node.args) != 1 or node.kwargs or node.dyn_kwargs:
            return self.generic_visit(node)
        (key,) = node.args
        return nodes.Const(voice(key.value), lineno=node.lineno) if isinstance(key, nodes.Const) else node


class Templates(Environment):
    """Jinja's environment with that way to escape; where it has a ``voice``, our templates say its words."""

    voice: Voice | None = None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found = super()._parse(source, name, filename)
        if filename is not None:
            _Gathering(self).visit(found)
        return found

    code_generator_class = _Generator
    inert = staticmethod(inert)
    said = staticmethod(_said)
