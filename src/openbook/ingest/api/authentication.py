"""Says in words how an API wants to be called: keys, tokens, OAuth, with their scopes.

It knows the security schemes of OpenAPI 3 and Swagger 2, not whether the service keeps to them.
"""

from typing import Any

from openbook.ingest.api.description import ApiDescription, Node, list_of, node_of


def authentication_of(api: ApiDescription, security: Any, *, every_scheme: bool = False) -> str:
    """What is needed to call, as one line; empty where the description does not say.

    Args:
        api: The description, which defines the schemes.
        security: Its list of alternatives; what stands in one of them is needed together.
        every_scheme: Where nothing is asked for, name all schemes that there are.
    """
    schemes = node_of(node_of(api.root.get("components")).get("securitySchemes", api.root.get("securityDefinitions")))
    if isinstance(security, list):
        ways = [_way(node_of(each), schemes, api) for each in security]
        return f"{'; or '.join(dict.fromkeys(ways)) or 'none is needed'}."
    if every_scheme and schemes:
        return f"{'; or '.join(_scheme(name, schemes, api) for name in schemes)}."
    return ""


def _way(needed: Node, schemes: Node, api: ApiDescription) -> str:
    """One alternative; an empty one means that anyone may call."""
    each = [_scheme(name, schemes, api) + _scopes(scopes) for name, scopes in needed.items()]
    return " together with ".join(each) or "none"


def _scopes(scopes: Any) -> str:
    names = ", ".join(str(each) for each in list_of(scopes))
    return f" (scopes: {names})" if names else ""


def _scheme(name: str, schemes: Node, api: ApiDescription) -> str:
    node = api.resolve(schemes.get(name))
    kind = node.get("type")
    if kind == "apiKey":
        return f"API key in the {node.get('in')} {node.get('name')}"
    if kind == "basic" or (kind == "http" and str(node.get("scheme")).lower() == "basic"):
        return "user name and password (HTTP Basic)"
    if kind == "http":
        return f"{str(node.get('scheme')).capitalize()} token in the header Authorization"
    if kind == "oauth2":
        flows = node_of(node.get("flows")) or [node.get("flow")]
        return f"OAuth 2.0 ({', '.join(str(flow) for flow in flows if flow) or name})"
    return "OpenID Connect" if kind == "openIdConnect" else str(name)
