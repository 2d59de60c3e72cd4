// The parts of Leaflet that the map uses: the bundler puts this file where "leaflet" is imported. All of it is 14 kB more.
import "leaflet/src/layer/vector/Renderer.getRenderer.js";
import "leaflet/src/control/Control.Attribution.js";
import "leaflet/src/control/Control.Zoom.js";
import { scale } from "leaflet/src/control/Control.Scale.js";

export const control = { scale };
export { map } from "leaflet/src/map/index.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { canvas } from "leaflet/src/layer/vector/Canvas.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
