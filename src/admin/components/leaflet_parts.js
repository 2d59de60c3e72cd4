// The parts of Leaflet that the maps need, the half of it; the bundler takes them in place of the package. No types:
// `import * as L from "leaflet"` has those of the whole, and the bundler refuses what is not here.
import "leaflet/src/control/Control.Attribution.js";
import "leaflet/src/control/Control.Zoom.js";
import { scale } from "leaflet/src/control/Control.Scale.js";
import { CRS } from "leaflet/src/geo/crs/CRS.js";
import { Simple } from "leaflet/src/geo/crs/CRS.Simple.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.BoxZoom.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

CRS.Simple = Simple;

export const control = { scale };
export { CRS };
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { toTransformation as transformation } from "leaflet/src/geometry/Transformation.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { imageOverlay } from "leaflet/src/layer/ImageOverlay.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { gridLayer } from "leaflet/src/layer/tile/GridLayer.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { createMap as map } from "leaflet/src/map/Map.js";
