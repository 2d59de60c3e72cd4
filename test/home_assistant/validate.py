"""Validates discovery messages by the schemas of Home Assistant's own MQTT integration.

Input: the variable `messages`, JSON: [{"topic", "payload"}]. Output: the last expression, JSON: a list of what is wrong.
Home Assistant's modules are its own; the third-party packages that schemas do not need are stand-ins.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import sys
import types

REAL = ("probatio", "jinja2", "markupsafe", "attr", "attrs", "awesomeversion")
PLATFORMS = ("sensor", "binary_sensor", "switch", "number", "button")


class Anything(type):
    """A class whose attributes are such classes again."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(cls, name, anything(name))
        return cls.__dict__[name]

    def __getitem__(cls, _):
        return cls

    def __or__(cls, _):
        return cls

    def __ror__(cls, _):
        return cls

    def __iter__(cls):
        return iter(())

    def __contains__(cls, _):
        return False


def anything(name):
    def decorate(self, *args, **_):
        return args[0] if len(args) == 1 and callable(args[0]) else self

    return Anything(name, (), {
        "__getattr__": lambda self, name: getattr(type(self), name),
        "__init__": lambda self, *_, **__: None,
        "__call__": decorate,
        "__class_getitem__": classmethod(lambda cls, _: cls),
    })


class StandIn(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].islower():  # a function, or a decorator
            value = lambda *args, **kwargs: (
                args[0] if len(args) == 1 and callable(args[0]) and not kwargs else anything(name)
            )
        else:
            value = anything(name)
        setattr(self, name, value)
        return value


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last of the finders: what nobody else finds, of other people's packages and of other integrations."""

    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top in REAL or top in sys.stdlib_module_names or top.startswith("_"):
            return None
        if top == "homeassistant" and not name.startswith("homeassistant.components."):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


def load():
    """Loads the schemas, without the packages' own start, which wants a whole Home Assistant."""
    sys.meta_path.append(StandIns())
    sys.modules["lru"] = types.ModuleType("lru")
    sys.modules["lru"].LRU = type("LRU", (dict,), {"__init__": lambda self, _size: None})
    sys.modules["certifi"] = types.ModuleType("certifi")
    sys.modules["certifi"].where = lambda: "/dev/null"
    for name in ("homeassistant", "homeassistant.components.mqtt"):
        package = types.ModuleType(name)
        package.__path__ = [f"{path}/{name.replace('.', '/')}" for path in sys.path]
        sys.modules[name] = package
    validation = importlib.import_module("homeassistant.helpers.config_validation")
    validation._hass.hass = anything("HomeAssistant")()
    validation._hass.hass.data = {}
    names = ("schemas", "discovery", *PLATFORMS)
    return {name: importlib.import_module(f"homeassistant.components.mqtt.{name}") for name in names}


def faults_of(message, modules):
    """Goes the way of `async_discovery_message_received`: topic, device, then each component with what it inherits."""
    schemas, discovery = modules["schemas"], modules["discovery"]
    topic, payload = message["topic"], json.loads(json.dumps(message["payload"]))
    match = discovery.TOPIC_MATCHER.match(topic.split("/", 1)[1])
    if not match or match.groups()[0] != "device":
        return [f"{topic}: not a topic of devices"]
    discovery._replace_all_abbreviations(payload)
    try:
        device = schemas.DEVICE_DISCOVERY_SCHEMA(payload)
        schemas.validate_device_discovery_components(device)
    except Exception as error:
        return [f"{topic}: {type(error).__name__} {error}"]
    faults = []
    for name, component in device["components"].items():
        component = dict(component)
        platform = component.pop("platform")
        component |= {"device": device["device"], "origin": device["origin"]}
        discovery._merge_common_device_options(component, device)
        try:
            modules[platform].DISCOVERY_SCHEMA(component)
        except Exception as error:
            faults.append(f"{topic} {name}: {type(error).__name__} {error}")
    return faults


modules = load()
json.dumps([fault for message in json.loads(messages) for fault in faults_of(message, modules)])
