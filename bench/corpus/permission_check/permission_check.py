"""Decides which users may do what, with roles that inherit from other roles."""


def role_by_name(roles, name):
    for role in roles:
        if role["name"] == name:
            return role
    return {"name": name, "grants": [], "inherits": []}


def grants_of(roles, name, seen=()):
    """All grants of a role with those it inherits."""
    if name in seen:
        return []
    role = role_by_name(roles, name)
    grants = list(role["grants"])
    for parent in role["inherits"]:
        for grant in grants_of(roles, parent, seen + (name,)):
            if grant not in grants:
                grants.append(grant)
    return grants


def matches(grant, action, resource):
    grant_action, grant_resource = grant.split(":", 1)
    if grant_action not in ("*", action):
        return False
    if grant_resource.endswith("*"):
        return resource.startswith(grant_resource[:-1])
    return grant_resource == resource


# sigil: improve
def access_matrix(users, roles, requests):
    """For each request "user action resource": "allow", "deny" (explicit) or "none"."""
    answers = []
    for request in requests:
        user_name, action, resource = request.split(" ")
        user = None
        for u in users:
            if u["name"] == user_name:
                user = u
        if user is None or not user["active"]:
            answers.append("none")
            continue
        allowed = False
        denied = False
        for role_name in user["roles"]:
            for grant in grants_of(roles, role_name):
                if grant.startswith("!"):
                    if matches(grant[1:], action, resource):
                        denied = True
                elif matches(grant, action, resource):
                    allowed = True
        if denied:
            answers.append("deny")
        elif allowed:
            answers.append("allow")
        else:
            answers.append("none")
    counts = {}
    for answer in answers:
        counts[answer] = len([a for a in answers if a == answer])
    return {"answers": answers, "counts": counts}
